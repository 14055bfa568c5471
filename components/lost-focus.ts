/**
 * When the focused element vanishes or is disabled, browsers drop the focus, and keyboard users
 * begin at the top.
 */

/** Time for a replacement, or for a following dialog to take the focus. */
const SETTLED_MS = 50;

export function keepFocusInPlace(): () => void {
  let places: readonly Place[] = [];
  let address = "";
  let holder: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const follow = (target: EventTarget | null) => {
    if (!(target instanceof HTMLElement) || target === holder || target === document.body) return;
    // Tab pressed while a dialog loads moves the focus behind it.
    if (!target.closest("[data-portal]") && document.querySelector('[aria-modal="true"]')) return;
    // Never back to a page that was left.
    const known = address === window.location.pathname ? places : [];
    const place = placeOf(target);
    places = [place, ...known.filter(({ layer }) => layer !== place.layer && layer.isConnected)];
    address = window.location.pathname;
  };
  const mend = () => {
    const { activeElement: active } = document;
    const isLost = active === null || active === document.body || active === holder;
    if (!isLost || address !== window.location.pathname) return;
    const place = places.map(nearest).find((found) => found !== undefined);
    const isHolder = places.every(({ elements }) => elements[0] !== place);
    holder = (isHolder && place) || null;
    if (place && place !== active) giveFocus(place);
  };
  const watch = (records: MutationRecord[]) => {
    const last = places[0]?.elements[0];
    const isAboutLast = records.some(({ target }) => target === last);
    if (!isAboutLast && last?.isConnected && holder === null) return;
    clearTimeout(timer);
    timer = setTimeout(mend, SETTLED_MS);
  };

  const onFocus = ({ target }: FocusEvent) => follow(target);
  const observer = new MutationObserver(watch);
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributeFilter: ["disabled"],
  });
  document.addEventListener("focusin", onFocus);
  follow(document.activeElement);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("focusin", onFocus);
  };
}

type Place = { layer: Element; elements: readonly HTMLElement[] };

/** With neighbours and ancestors, up to the page or layer. */
function placeOf(element: HTMLElement): Place {
  const elements: (Element | null)[] = [];
  let layer: Element = element;
  for (
    let each: Element | null = element;
    each && each !== document.body && !each.matches("[data-portal]");
    each = each.parentElement
  ) {
    layer = each;
    elements.push(each, each.nextElementSibling, each.previousElementSibling);
  }
  return { layer, elements: elements.filter((found) => found instanceof HTMLElement) };
}

/** Its surroundings while it is busy or gone. */
function nearest({ elements }: Place): HTMLElement | undefined {
  const [element] = elements;
  if (element?.isConnected && element.matches(":disabled"))
    return element.parentElement ?? undefined;
  return elements.find(isShown);
}

function isShown(element: HTMLElement): boolean {
  if (element.matches(":disabled")) return false;
  return element.getClientRects().length > 0;
}

/** Rows and sections too: they are read aloud, and Tab continues there. */
function giveFocus(element: HTMLElement): void {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}
