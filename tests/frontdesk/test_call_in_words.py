import pytest

from frontdesk.speech import call_in_words


def test_a_number_is_said_digit_by_digit_and_the_counter_as_a_word():
    assert call_in_words("K-003", 2) == "Nomor antrean K, nol nol tiga, silakan ke loket dua."


@pytest.mark.parametrize(
    ("counter", "said"),
    [
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (99, "sembilan puluh sembilan"),
        (105, "satu nol lima"),
    ],
)
def test_counters_in_words(counter, said):
    assert call_in_words("P-120", counter) == f"Nomor antrean P, satu dua nol, silakan ke loket {said}."
