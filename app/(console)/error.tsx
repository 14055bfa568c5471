"use client";

import { FailedInConsole } from "@/components/failed-page";

export default function ConsoleError({ retry }: { error: Error; retry: () => void }) {
  return <FailedInConsole retry={retry} />;
}
