import { Alert, Group } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Route } from "next";
import type { RepairButton } from "@/lib/remedies/remedy";
import { InlineLink } from "./links";
import { RepairButtons } from "./repair-buttons";

type AttentionBannerProps = {
  /** The one that stops the most, in one line. */
  text: string;
  href: Route;
  /** How many there are beside it. */
  more: number;
  moreHref: Route;
  /** What repairs it. */
  buttons?: readonly RepairButton[];
};

/** Above every page while mail is stopped, or alerts do not arrive. */
export function AttentionBanner(props: AttentionBannerProps) {
  const { text, href, more, moreHref, buttons } = props;
  return (
    <Alert color="red" radius={0} icon={<IconAlertTriangle size={18} />} role="status" py="xs">
      <Group gap="xs">
        <span>
          <InlineLink href={href}>{text}</InlineLink>
          {more > 0 && (
            <>
              {" "}
              · <InlineLink href={moreHref}>and {more} more</InlineLink>
            </>
          )}
        </span>
        <RepairButtons buttons={buttons} size="compact-xs" limit={1} />
      </Group>
    </Alert>
  );
}
