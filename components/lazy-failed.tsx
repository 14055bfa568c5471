"use client";

import { type ComponentType, lazy, Suspense } from "react";

/** Postkey may be away or newer, so nothing is loaded. */
function Plain() {
  return (
    <div>
      <h1>This page could not be loaded</h1>
      <p>Postkey is not responding. Nothing was lost.</p>
      <button type="button" onClick={() => window.location.reload()}>
        Reload the page
      </button>
    </div>
  );
}

type Shown = ComponentType<{ retry: () => void }>;

const load = (): Promise<{ FailedPage: Shown; FailedInConsole: Shown }> =>
  import("./failed-page").catch(() => ({ FailedPage: Plain, FailedInConsole: Plain }));
const Whole = lazy(async () => ({ default: (await load()).FailedPage }));
const InConsole = lazy(async () => ({ default: (await load()).FailedInConsole }));

type LazyFailedProps = { retry: () => void; isInConsole?: boolean };

/** Every page includes this file; its content loads when shown. */
export function LazyFailed({ retry, isInConsole = false }: LazyFailedProps) {
  return <Suspense>{isInConsole ? <InConsole retry={retry} /> : <Whole retry={retry} />}</Suspense>;
}
