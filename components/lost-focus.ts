/**
 * Something with the focus may vanish: a dialog that is closed, a row that was removed, a button in whose place
 * another stands. Browsers then leave the focus nowhere, and keyboard users begin at the top.
 */

/** Where the focus was, on the page or in what lies over it. */
type Place = {
  /** The dialog or menu; null for the page itself. */
  layer: Element | null;
  element: HTMLElement;
  /** From the element upwards: what each is in, and as which child. */
  path: readonly { parent: Element; index: number }[];
  /** A page that was left is not gone back to. */
  address: string;
};

const LAYERS = '[role="dialog"], [role="menu"], [role="listbox"]';
const MODAL = '[aria-modal="true"]';
/** What stands in the place of something may need a moment; a dialog that follows another takes the focus by itself. */
const SETTLED_MS = 50;

/** Follows the focus of the document, and finds it a place when it has lost its own. @returns what ends that */
export function keepFocusInPlace(): () => void {
  /** The page first, and above it what was opened over it. */
  let places: readonly Place[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const follow = (target: EventTarget | null) => {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    const layer = target.closest(LAYERS);
    // Tab pressed while a dialog loads moves the focus behind it, where nothing was opened.
    if (layer === null && document.querySelector(MODAL)) return;
    const at = places.findIndex((place) => place.layer === layer);
    const above = at < 0 ? places.length : at;
    const below = layer === null ? [] : places.slice(0, above);
    places = [...below.filter(isOpen), placeOf(target, layer)];
  };
  const mend = () => {
    if (!isNowhere()) return;
    const open = places.filter(isOpen);
    const isUncovered = open.length < places.length;
    places = open;
    const place = open.at(-1);
    if (!place || place.address !== window.location.pathname) return;
    if (isUncovered || !place.element.isConnected) giveFocus(nearest(place));
  };
  const watch = () => {
    if (!isNowhere()) {
      places = places.map(placeNow);
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(mend, SETTLED_MS);
  };

  const onFocus = ({ target }: FocusEvent) => follow(target);
  const observer = new MutationObserver(watch);
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("focusin", onFocus);
  follow(document.activeElement);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("focusin", onFocus);
  };
}

/** Whether nothing has the focus. */
export function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function isOpen({ layer }: Place): boolean {
  return layer === null || layer.isConnected;
}

function placeOf(element: HTMLElement, layer: Element | null): Place {
  const path: { parent: Element; index: number }[] = [];
  for (let each: Element = element; each.parentElement; each = each.parentElement)
    path.push({
      parent: each.parentElement,
      index: [...each.parentElement.children].indexOf(each),
    });
  return { layer, element, path, address: window.location.pathname };
}

/** Rows may have come and gone above it since. */
function placeNow(place: Place): Place {
  return place.element.isConnected
    ? { ...placeOf(place.element, place.layer), address: place.address }
    : place;
}

/** The element itself, else what stands where it stood, else what it was in. */
function nearest({ element, path }: Place): HTMLElement | null {
  if (isShown(element)) return element;
  const kept = path.slice(path.findIndex(({ parent }) => parent.isConnected));
  const found = kept.flatMap(({ parent, index }, above) => {
    const { children } = parent;
    return above === 0 ? [children[index], children[index - 1], parent] : [parent];
  });
  return found.find(isShown) ?? null;
}

function isShown(element: Element | undefined): element is HTMLElement {
  if (!(element instanceof HTMLElement) || element.matches(":disabled")) return false;
  return element.getClientRects().length > 0;
}

/** A row or a section can have it as well: it is read aloud, and the next Tab goes on from there. */
export function giveFocus(element: HTMLElement | null): void {
  if (!element || element === document.body) return;
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}
