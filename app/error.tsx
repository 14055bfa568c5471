"use client";

import { FailedPage } from "@/components/failed-page";

export default function AnyError({ retry }: { error: Error; retry: () => void }) {
  return <FailedPage retry={retry} />;
}
