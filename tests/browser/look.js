// What can be measured of a page without knowing what it is about.
() => {
  const shown = (selector) =>
    [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility());
  const named = (it) => it.outerHTML.slice(0, 120);
  const scrolls = (it) => it.closest(".table-region, .tabs, pre, .visually-hidden, .trap, .skip");
  const room = document.documentElement.clientWidth;
  const fields = "input:not([type=hidden]), select, textarea";

  const withoutRing = (it) => {
    it.focus({ focusVisible: true, preventScroll: true });
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    return outlineStyle === "none" || parseFloat(outlineWidth) < 2;
  };

  return {
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    // Wider than the window: what has to be read by scrolling sideways.
    sideways:
      document.scrollingElement.scrollWidth > room
        ? shown("body *")
            .filter((it) => it.getBoundingClientRect().right > room + 1 && !scrolls(it))
            .map(named)
            .concat("the page scrolls sideways")
        : [],
    unlabelled: shown(fields).filter((it) => !it.labels.length).map(named),
    unseen: shown(`a[href], button, summary, [tabindex], ${fields}`)
      .filter((it) => it.tabIndex >= 0)
      .filter(withoutRing)
      .map(named),
  };
};
