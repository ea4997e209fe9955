"""How a call is said aloud in Indonesian."""

DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
TEN, TWENTY, HUNDRED = 10, 20, 100


def call_in_words(label: str, counter: int) -> str:
    """'Nomor antrean K, nol nol tiga, silakan ke loket dua.' for K-003 and counter 2.

    The number is said digit by digit, as it is printed; a counter from 100 on is, too.
    """
    kind, _, number = label.partition("-")
    return f"Nomor antrean {kind}, {_digit_by_digit(number)}, silakan ke loket {_in_words(counter)}."


def _digit_by_digit(number: str) -> str:
    return " ".join(DIGITS[int(digit)] for digit in number)


def _in_words(number: int) -> str:
    if number < TEN:
        return DIGITS[number]
    if number in (TEN, TEN + 1):
        return "sepuluh" if number == TEN else "sebelas"
    if number < TWENTY:
        return f"{DIGITS[number - TEN]} belas"
    if number < HUNDRED:
        tens, ones = divmod(number, TEN)
        return f"{DIGITS[tens]} puluh {DIGITS[ones]}" if ones else f"{DIGITS[tens]} puluh"
    return _digit_by_digit(str(number))
