import { giveFocus, isNowhere } from "./lost-focus";

/** Browsers take the focus from what is disabled a moment later, and tell no one. */
const TAKEN_AFTER_MS = 50;

/**
 * A button that is busy is disabled, and loses the focus: what it is in holds it meanwhile, so that Escape and Tab
 * still work from there, and gives it back. @returns what ends that
 */
export function keepFocusOfBusy(): () => void {
  let busy: { button: HTMLElement; holder: HTMLElement | null } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const hold = () => {
    if (!busy || !isNowhere()) return;
    busy.holder = busy.button.parentElement;
    giveFocus(busy.holder);
  };
  const giveBack = () => {
    if (!busy) return;
    const { button, holder } = busy;
    busy = undefined;
    clearTimeout(timer);
    // Who went on to something else meanwhile stays there.
    if (isNowhere() || document.activeElement === holder) button.focus({ preventScroll: true });
  };
  const follow = (target: HTMLElement) => {
    const isDisabled = target.matches(":disabled");
    if (!isDisabled && target === busy?.button) giveBack();
    if (!isDisabled || target !== document.activeElement) return;
    busy = { button: target, holder: null };
    clearTimeout(timer);
    timer = setTimeout(hold, TAKEN_AFTER_MS);
  };

  const observer = new MutationObserver((records) => {
    for (const { target } of records) if (target instanceof HTMLElement) follow(target);
  });
  observer.observe(document.body, { subtree: true, attributeFilter: ["disabled"] });
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
