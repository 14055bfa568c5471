import { Radio, RadioGroup, Stack } from "@mantine/core";
import { useContext, useState } from "react";
import { CloseDialog } from "@/components/close-dialog";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { INCIDENT_SILENCES } from "@/lib/watch/incidents/schema";
import { silenceIncidentAction } from "../actions";

type Hours = (typeof INCIDENT_SILENCES)[number];

const LABELS: Readonly<Record<string, string>> = {
  1: "1 hour",
  8: "8 hours",
  24: "1 day",
  168: "1 week",
  null: "Until it is resolved",
};

export function SilenceDialog({ incidentId }: { incidentId: string }) {
  const close = useContext(CloseDialog);
  const [hours, setHours] = useState<Hours>(8);
  return (
    <ConfirmDialog
      title="Silence this incident?"
      confirmLabel="Silence"
      action={() => silenceIncidentAction({ incidentId, hours })}
      onSuccess={() => {
        close();
        notifySuccess("Silenced.");
      }}
    >
      <RadioGroup
        label="For how long"
        description="No banner, alert or digest mentions it until then. Lists still show it."
        value={String(hours)}
        onChange={(value) =>
          setHours(INCIDENT_SILENCES.find((each) => String(each) === value) ?? null)
        }
      >
        <Stack gap="xs" mt="xs">
          {INCIDENT_SILENCES.map((each) => (
            <Radio key={String(each)} value={String(each)} label={LABELS[String(each)]} />
          ))}
        </Stack>
      </RadioGroup>
    </ConfirmDialog>
  );
}
