"use client";

import { lazy, Suspense } from "react";

// Every page brings this file along; what it shows is loaded when it is shown.
const load = () => import("@/components/failed-page");
const FailedInConsole = lazy(async () => ({ default: (await load()).FailedInConsole }));

/** What a page of the console could not handle. */
export default function ConsoleError({ retry }: { error: Error; retry: () => void }) {
  return (
    <Suspense>
      <FailedInConsole retry={retry} />
    </Suspense>
  );
}
