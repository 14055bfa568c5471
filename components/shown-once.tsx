"use client";

import { Button } from "@mantine/core";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import { Dialog } from "./dialog";
import { endShown, followShown, shownOnServer, shownTo } from "./shown-once-store";

const EndContext = createContext<(() => void) | null>(null);

/**
 * Where what is shown once is shown: above the pages, so that a row, a list or a page that is loaded again, or left,
 * takes nothing of it away.
 *
 * @param person whose secrets they are: the id
 */
export function ShownOnce({ person }: { person: string }) {
  const follow = useCallback((listener: () => void) => followShown(person, listener), [person]);
  const shown = useSyncExternalStore(follow, () => shownTo(person), shownOnServer);
  const isOpen = shown.length > 0;
  useEffect(() => {
    if (!isOpen) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isOpen]);
  return shown.map(({ id, content }) => (
    <One key={id} id={id}>
      {content}
    </One>
  ));
}

function One({ id, children }: { id: number; children: ReactNode }) {
  const end = useMemo(() => () => endShown(id), [id]);
  return <EndContext value={end}>{children}</EndContext>;
}

type ShownOnceDialogProps = {
  title: string;
  /** On the button that says that it was kept. */
  doneLabel?: string;
  /** Beside the button that closes it. */
  buttons?: ReactNode;
  /** It can't be closed yet. */
  isHeld?: boolean;
  children: ReactNode;
};

/** A window that only the person closes, by its button. For `showOnce` alone. */
export function ShownOnceDialog(props: ShownOnceDialogProps) {
  const { title, doneLabel = "Done", isHeld = false, children } = props;
  const end = useContext(EndContext);
  if (end === null) throw new Error("What is shown once is shown by showOnce.");
  const close = isHeld ? () => {} : end;
  return (
    <Dialog
      title={title}
      staysOpen
      onClose={close}
      buttons={
        <>
          {props.buttons}
          {!isHeld && <Button onClick={close}>{doneLabel}</Button>}
        </>
      }
    >
      {children}
    </Dialog>
  );
}
