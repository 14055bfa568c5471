/**
 * Something with the focus may vanish, such as a dialog or a row, or be busy and thus disabled. Browsers then leave
 * the focus nowhere, and keyboard users begin at the top.
 */

/** A replacement may need a moment, and a dialog that follows another takes the focus by itself. */
const SETTLED_MS = 50;

/** Puts a lost focus back to the last place that is still there. @returns what ends that */
export function keepFocusInPlace(): () => void {
  /** On the page and in each layer over it, the last one first: what had the focus, and what is around that. */
  let places: readonly Place[] = [];
  let address = "";
  /** Has the focus in the place of another element. */
  let holder: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const follow = (target: EventTarget | null) => {
    if (!(target instanceof HTMLElement) || target === holder || target === document.body) return;
    // Tab pressed while a dialog loads moves the focus behind it, where nothing was opened.
    if (!target.closest("[data-portal]") && document.querySelector('[aria-modal="true"]')) return;
    // A page that was left is not gone back to.
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

/** The element, its neighbours, and the same of all that it is in, up to the page or what lies over it. */
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

/** The element itself, or what it is in while it is busy; once it is gone, what is left around it. */
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

/** A row or a section can have it as well: it is read aloud, and the next Tab goes on from there. */
function giveFocus(element: HTMLElement): void {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}
