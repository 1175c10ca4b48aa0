// Shows a question only while the answer it hangs on is given, or one of several
// answers (codes with blanks between them). Without this script it is always there
// and says itself when to answer it; the server checks the same.
"use strict";

for (const question of document.querySelectorAll("[data-only-if]")) {
  const { onlyIf, value } = question.dataset;
  const wanted = value.split(" ");
  const decisive = () => [...document.getElementsByName(onlyIf)];

  const follow = () => {
    const asked = decisive().some(
      (each) => each.checked && wanted.includes(each.value) && !each.disabled,
    );
    question.hidden = !asked;
    // What is not asked is not sent either.
    for (const field of question.querySelectorAll("input, textarea, select")) {
      field.disabled = !asked;
    }
  };

  follow();
  // A question above may take the answer away by disappearing itself.
  document.addEventListener("change", follow);
}
