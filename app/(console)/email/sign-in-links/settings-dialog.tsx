import { Alert } from "@mantine/core";
import { useWatch } from "react-hook-form";
import type { z } from "zod";
import { NumberField, SwitchField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { NoLetterChannel } from "@/components/no-letter-channel";
import {
  MOST_LAPSED,
  SETTLED_MINUTES,
  saveLinkSettingsSchema,
} from "@/lib/sign-ins/links/letters/schema";
import type { LinkMail } from "@/lib/sign-ins/links/queries";
import { LINK_HOURS } from "@/lib/sign-ins/links/schema";
import { saveLinkSettingsAction } from "./actions";

export type SettingsProps = Pick<LinkMail, "settings" | "canMail">;

type Values = z.input<typeof saveLinkSettingsSchema>;

export function SettingsDialog({ settings, canMail }: SettingsProps) {
  return (
    <FormDialog
      title="Settings of sign-ins"
      submitLabel="Save"
      schema={saveLinkSettingsSchema}
      defaultValues={{ ...settings, was: settings }}
      action={saveLinkSettingsAction}
      done="Saved."
    >
      {!canMail && (
        <Alert color="yellow">
          <NoLetterChannel />
        </Alert>
      )}
      <SettingsFields />
    </FormDialog>
  );
}

function SettingsFields() {
  const [reminds, sendsLapsed, reportsUnsigned] = useWatch<
    Values,
    ["reminds", "sendsLapsedLinks", "reportsUnsigned"]
  >({ name: ["reminds", "sendsLapsedLinks", "reportsUnsigned"] });
  return (
    <>
      <SwitchField<Values>
        name="reminds"
        label="Remind once before a link expires"
        description="For links that Postkey sent by mail. The reminder holds the same link, which stays encrypted here until then."
      />
      {reminds && (
        <NumberField<Values>
          name="remindHoursBefore"
          label="Hours before the end"
          description={`Links work for ${LINK_HOURS} hours.`}
        />
      )}
      <SwitchField<Values>
        name="sendsLapsedLinks"
        label="Send a link when a sign-in lapses"
        description={`To the person who signs in, ${SETTLED_MINUTES} minutes after it lapsed and at most once in ${LINK_HOURS} hours. If more than ${MOST_LAPSED} lapse at once, Postkey sends none and tells you here.`}
      />
      {sendsLapsed && (
        <NumberField<Values>
          name="lapsedLinksPerDay"
          label="Links a day, at most"
          description="For all people together."
        />
      )}
      <SwitchField<Values>
        name="reportsUnsigned"
        label="Deadline for first sign-ins"
        description="An account that no one signed in by then opens an incident. Before, it waits on the Overview."
      />
      {reportsUnsigned && (
        <NumberField<Values>
          name="unsignedDays"
          label="Days"
          description="After the account was added."
        />
      )}
    </>
  );
}
