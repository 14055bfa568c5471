"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { Notice } from "@/lib/kernel/events/schema";
import { watchAttention } from "./attention";
import { notifyProblem, notifySuccess } from "./notify";
import { isProofAsked } from "./proof";
import { rememberUser } from "./tab-memory";

const REFRESH_AFTER_MS = 150;
const LOOK_AGAIN_MS = 1_000;

type LiveUpdatesProps = { userId: string; lastEventId: string | null };

/**
 * Reloads when shown data changed. One stream per browser: HTTP/1.1 allows six connections per
 * origin, so a seventh tab would hang.
 */
export function LiveUpdates({ userId, lastEventId }: LiveUpdatesProps) {
  const router = useRouter();
  // The stream also reports what happened before it opened.
  const [loadedAfter] = useState(lastEventId);
  useEffect(() => rememberUser(userId), [userId]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attention = watchAttention(window);
    const refresh = () => {
      // A person who signs in again in another tab has no session meanwhile: this page would leave.
      timer = isProofAsked() ? setTimeout(refresh, LOOK_AGAIN_MS) : undefined;
      if (!timer) router.refresh();
    };
    const stop = listen(loadedAfter, (notice) => {
      // An absent user must not keep the session alive, so the page waits for them. A later notice
      // does not postpone the refresh.
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

/** A longer wait for the stream means that another tab had it. */
const TAKEN_OVER_AFTER_MS = 1_000;

/** The lock's holder has the stream; when it closes, the next tab takes over. */
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
      // Something may have happened between both streams.
      if (performance.now() - askedAt > TAKEN_OVER_AFTER_MS) tell(null);
      return stream(addressOf(loadedAfter), tell, stopping.signal);
    })
    .catch(() => {}); // left before the lock was ours
  return () => {
    stopping.abort();
    channel.close();
  };
}

/** A reconnecting EventSource sends Last-Event-ID, which wins. */
function addressOf(loadedAfter: string | null): string {
  return loadedAfter === null ? "/api/events" : `/api/events?lastEventId=${loadedAfter}`;
}

/** For refused streams; the browser reopens broken ones itself. */
const OPEN_AGAIN_AFTER_MS = 30_000;

function stream(address: string, tell: Hear, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const open = () => {
    source = new EventSource(address);
    // From our own server: parsing would cost every page 20 KB.
    source.addEventListener("notice", (event) => tell(JSON.parse(event.data) as Notice));
    source.addEventListener("resync", () => tell(null));
    source.addEventListener("error", ({ target }) => {
      if (!(target instanceof EventSource) || target.readyState !== EventSource.CLOSED) return;
      // Probably the session ended; a reload shows the sign-in.
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
