import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Remedy } from "@/lib/remedies/remedy";
import { RemedyBody } from "./remedy-panel";

type CompanyRefusalProps = {
  remedy: Remedy | null;
  /** If known: they may have several. */
  signedInAs: { company: string; username: string } | null;
};

export function CompanyRefusal({ remedy, signedInAs }: CompanyRefusalProps) {
  if (!remedy) return null;
  return (
    <Alert
      color="red"
      variant="outline"
      icon={<IconAlertTriangle size={18} />}
      title={remedy.title}
      role="alert"
      // Mantine's outline red misses 4.5:1 on light ground.
      styles={{ title: { color: "var(--mantine-color-error)" } }}
      data-remedy={remedy.id}
    >
      {signedInAs && (
        <Text mb="xs">
          You signed in at {signedInAs.company} as {signedInAs.username}.
        </Text>
      )}
      <RemedyBody remedy={remedy} isForAnyone />
    </Alert>
  );
}
