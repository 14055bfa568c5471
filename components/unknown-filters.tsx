import { Alert } from "@mantine/core";

/** Without them the list shows other rows than the link meant. */
export function UnknownFilters({ unknown, noun }: { unknown: string[]; noun: string }) {
  if (unknown.length === 0) return null;
  return (
    <Alert color="yellow" mb="md" title="Part of this address is unknown">
      {unknown.join(", ")} {unknown.length === 1 ? "was" : "were"} left out. The list may show more{" "}
      {noun} than the link meant.
    </Alert>
  );
}
