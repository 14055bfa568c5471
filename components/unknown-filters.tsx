import { Alert } from "@mantine/core";

/** Tells what of an address the list does not know: what is shown instead is not what the link meant. */
export function UnknownFilters({ unknown, noun }: { unknown: string[]; noun: string }) {
  if (unknown.length === 0) return null;
  return (
    <Alert color="yellow" mb="md" title="Part of this address is unknown">
      {unknown.join(", ")} was left out. The list may show more {noun} than the link meant.
    </Alert>
  );
}
