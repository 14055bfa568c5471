"use client";

import { LazyFailed } from "@/components/lazy-failed";

/** What the layout around a page could not handle, such as the console's, which asks the database for the menu. */
export default function AnyError({ retry }: { error: Error; retry: () => void }) {
  return <LazyFailed retry={retry} />;
}
