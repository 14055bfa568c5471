import { Fragment } from "react";

/** Breaks after slashes and the at sign, and within words only if one is too long. */
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
