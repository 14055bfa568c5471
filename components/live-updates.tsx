"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { Notice } from "@/lib/kernel/events/schema";
import { watchAttention } from "./attention";
import { leaveConsole, rememberUser } from "./drafts";
import { notifyProblem, notifySuccess } from "./notify";

const REFRESH_AFTER_MS = 150;

type LiveUpdatesProps = {
  userId: string;
  /** The last event that the page knows; null when there was none. */
  lastEventId: string | null;
};

/**
 * Loads the page again when something that pages show has changed, and says what happened when someone
 * else caused it. One stream per browser, whatever the number of tabs: HTTP/1.1 gives an origin six
 * connections, and a seventh tab would hang.
 */
export function LiveUpdates({ userId, lastEventId }: LiveUpdatesProps) {
  const router = useRouter();
  // From when the page was loaded: the stream reports what happened before it opened.
  const [loadedAfter] = useState(lastEventId);
  useEffect(() => {
    rememberUser(userId);
    return leaveConsole;
  }, [userId]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attention = watchAttention(window);
    const refresh = () => {
      timer = undefined;
      router.refresh();
    };
    const stop = listen(loadedAfter, (notice) => {
      // While its user is away a page must not keep the session alive: it refreshes once they are back.
      // Continuous changes are shown as they happen: a notice does not put off the refresh that the one
      // before it asked for.
      attention.whenThere(() => {
        timer ??= setTimeout(refresh, REFRESH_AFTER_MS);
      });
      if (notice) announce(notice, userId);
    });
    return () => {
      clearTimeout(timer);
      attention.stop();
      stop();
    };
  }, [router, userId, loadedAfter]);
  return null;
}

function announce({ message }: Notice, userId: string): void {
  if (!message || message.causedBy === userId) return;
  if (message.tone === "success") notifySuccess(message.text);
  else notifyProblem(message.text);
}

type Hear = (notice: Notice | null) => void;

/** Who waited longer for the stream took it over from another tab. */
const TAKEN_OVER_AFTER_MS = 1_000;

/** The tab that holds the lock has the stream and tells the others; when it closes, the next takes over. */
function listen(loadedAfter: string | null, hear: Hear): () => void {
  const channel = new BroadcastChannel("postkey-events");
  const stopping = new AbortController();
  channel.onmessage = (event: MessageEvent<Notice | null>) => hear(event.data);
  const tell: Hear = (notice) => {
    hear(notice);
    channel.postMessage(notice);
  };
  const askedAt = performance.now();
  navigator.locks
    .request("postkey-events", { signal: stopping.signal }, () => {
      // Between the end of the other tab's stream and the first event of this one something may have been.
      if (performance.now() - askedAt > TAKEN_OVER_AFTER_MS) tell(null);
      return stream(addressOf(loadedAfter), tell, stopping.signal);
    })
    .catch(() => {}); // left before the lock was ours
  return () => {
    stopping.abort();
    channel.close();
  };
}

/** A connection that breaks off names what it heard last by itself, and that counts then. */
function addressOf(loadedAfter: string | null): string {
  return loadedAfter === null ? "/api/events" : `/api/events?lastEventId=${loadedAfter}`;
}

/** Not what breaks off, which the browser opens again by itself: what was refused. */
const OPEN_AGAIN_AFTER_MS = 30_000;

function stream(address: string, tell: Hear, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const open = () => {
    source = new EventSource(address);
    // Written by our own server from its schema; parsing again would cost every page 20 KB.
    source.addEventListener("notice", (event) => tell(JSON.parse(event.data) as Notice));
    source.addEventListener("resync", () => tell(null));
    source.addEventListener("error", ({ target }) => {
      if (!(target instanceof EventSource) || target.readyState !== EventSource.CLOSED) return;
      // Most likely the session ended: then the page that is loaded again is the sign-in.
      tell(null);
      timer = setTimeout(open, OPEN_AGAIN_AFTER_MS);
    });
  };
  open();
  return new Promise((done) => {
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      source.close();
      done();
    });
  });
}
