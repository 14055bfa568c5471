"use client";

import { lazy, Suspense } from "react";

// Every page brings this file along; what it shows is loaded when it is shown.
const load = () => import("@/components/failed-page");
const FailedPage = lazy(async () => ({ default: (await load()).FailedPage }));

/** What the layout around a page could not handle, such as the console's, which asks the database for the menu. */
export default function AnyError({ retry }: { error: Error; retry: () => void }) {
  return (
    <Suspense>
      <FailedPage retry={retry} />
    </Suspense>
  );
}
