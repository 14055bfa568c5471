"use client";

import { IconBellOff } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { ActButton, act } from "@/components/acts";
import { endSilenceAction } from "../actions";

const SilenceDialog = dynamic(() =>
  import("./silence-dialog").then((module) => module.SilenceDialog),
);

export function Silence({ incidentId, isOn }: { incidentId: string; isOn: boolean }) {
  if (isOn)
    return (
      <ActButton
        label="End silence"
        needs="accounts:test"
        run={act(() => endSilenceAction({ incidentId }), "The silence has ended.")}
      />
    );
  return (
    <ActButton
      label="Silence"
      icon={IconBellOff}
      needs="accounts:test"
      dialog={<SilenceDialog incidentId={incidentId} />}
    />
  );
}
