// On the kiosk a slip prints itself, once for each number.
"use strict";

const printed = `desk-printed:${location.pathname}`;
if (sessionStorage.getItem(printed) === null) {
  sessionStorage.setItem(printed, "1");
  window.print();
}
