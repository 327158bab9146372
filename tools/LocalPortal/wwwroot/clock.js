// The page's time of day is the stack's: the machine's, and ahead of it by what somebody let pass. chatauth.js and the
// chat read it through Date.now, as they would read the machine's clock after an hour had really passed.
(function () {
  'use strict';
  const machine = Date.now.bind(Date);
  let ahead = Number(document.currentScript.dataset.ahead) * 1000;
  Date.now = () => machine() + ahead;
  window.stackClock = {
    /** Seconds that it is ahead of the machine's clock. */
    get ahead() { return ahead / 1000; },
    set ahead(seconds) { ahead = seconds * 1000; },
  };
})();
