import { Fragment } from "react";

/** An address that breaks after its slashes and its @, and within a word only where one alone is too long. */
export function AddressText({ address }: { address: string }) {
  const parts = address.match(/[^/@]+[/@]*|[/@]+/g) ?? [];
  return parts.map((part, nth) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
    <Fragment key={nth}>
      {nth > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
