import { ButtonGroup } from "@mantine/core";
import { LinkButton } from "@/components/links";

const GUIDES = [
  { service: "microsoft", label: "Microsoft 365", href: "/help/setup" },
  { service: "google", label: "Google", href: "/help/setup/google" },
] as const;

export function PlatformLinks({ shown }: { shown: (typeof GUIDES)[number]["service"] }) {
  return (
    <nav aria-label="Platform">
      <ButtonGroup>
        {GUIDES.map(({ service, label, href }) => (
          <LinkButton
            key={service}
            href={href}
            size="xs"
            variant={service === shown ? "filled" : "default"}
            {...(service === shown && { "aria-current": "page" as const })}
          >
            {label}
          </LinkButton>
        ))}
      </ButtonGroup>
    </nav>
  );
}
