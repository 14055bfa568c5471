import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Remedy } from "@/lib/remedies/remedy";
import { RemedyBody } from "./remedy-panel";

/** Why a company sign-in failed, and what helps: for people who may not see the catalogue. */
export function CompanyRefusal({ remedy }: { remedy: Remedy | null }) {
  if (!remedy) return null;
  return (
    <Alert
      color="red"
      variant="outline"
      icon={<IconAlertTriangle size={18} />}
      title={remedy.title}
      role="alert"
      // Mantine's own red of an outline misses 4.5:1 on light ground.
      styles={{ title: { color: "var(--mantine-color-error)" } }}
      data-remedy={remedy.id}
    >
      <RemedyBody remedy={remedy} isForAnyone />
    </Alert>
  );
}
