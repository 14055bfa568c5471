import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Route } from "next";
import { InlineLink } from "./links";

type AttentionBannerProps = {
  /** The one that stops the most, in one line. */
  text: string;
  href: Route;
  /** How many there are beside it. */
  more: number;
  moreHref: Route;
};

/** Above every page while mail is stopped, or alerts do not arrive. */
export function AttentionBanner({ text, href, more, moreHref }: AttentionBannerProps) {
  return (
    <Alert color="red" radius={0} icon={<IconAlertTriangle size={18} />} role="status" py="xs">
      <InlineLink href={href}>{text}</InlineLink>
      {more > 0 && (
        <>
          {" "}
          · <InlineLink href={moreHref}>and {more} more</InlineLink>
        </>
      )}
    </Alert>
  );
}
