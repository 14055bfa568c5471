import { Fieldset, Stack, Text } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import {
  AdvancedFields,
  SelectField,
  SwitchField,
  TextareaField,
  TextField,
} from "@/components/fields";
import { PRESET_FACTS } from "@/lib/oauth/openid/schema";
import { MAX_SESSION_HOURS } from "@/lib/people/administrators/schema";
import type { CompanySignInValues } from "@/lib/people/company/schema";
import { HIGHEST_FIRST, ROLE_HINTS, ROLE_LABELS } from "@/lib/people/roles/schema";

export function RoleFields() {
  const { watch } = useFormContext<CompanySignInValues>();
  const preset = watch("preset");
  return (
    <Fieldset legend="Roles">
      <Stack>
        <Text>
          Decided at every sign-in, the highest first. Leave all values empty to choose roles under
          Administrators instead; new people then begin with the role of “Everyone else”.
        </Text>
        <TextField<CompanySignInValues>
          name="roleClaim"
          label="Claim with roles or groups"
          description={`A name, or a path with dots such as realm_access.roles. ${PRESET_FACTS[preset].roleHint}`}
          spellCheck={false}
        />
        {HIGHEST_FIRST.map((role) => (
          <TextareaField<CompanySignInValues>
            name={role}
            key={role}
            label={`Values for ${ROLE_LABELS[role]}`}
            description={`One on each line. ${ROLE_HINTS[role]}`}
            autosize
            minRows={1}
            maxRows={6}
            spellCheck={false}
          />
        ))}
        <SelectField<CompanySignInValues>
          name="defaultRole"
          label="Everyone else"
          data={[
            { value: "", label: "Refuse them" },
            ...HIGHEST_FIRST.map((role) => ({ value: role, label: ROLE_LABELS[role] })),
          ]}
        />
        <SwitchField<CompanySignInValues>
          name="createsPeople"
          label="Create people at their first sign-in"
          description="Everyone the company lets in gets an account with the role that the claim gives. When this is off, only people who were invited, or who added their company account in their profile, can sign in."
        />
      </Stack>
    </Fieldset>
  );
}

export function SessionFields() {
  return (
    <>
      <TextField<CompanySignInValues>
        name="sessionHours"
        label="Sessions last (hours)"
        description={`At most ${MAX_SESSION_HOURS}. People removed at your company are signed out by then.`}
        inputMode="numeric"
      />
      <AdvancedFields hint="second factor, checks, sign-out">
        <TextField<CompanySignInValues>
          name="requiredAmr"
          label="Required amr value"
          description="The sign-in method that people must use, such as mfa. Postkey refuses people whose company does not report it. With Entra, amr is an optional claim that you add to the application."
          spellCheck={false}
        />
        <SwitchField<CompanySignInValues>
          name="rechecks"
          label="Check every 5 minutes that people may still sign in"
          description="Asks for offline access and keeps a refresh token with the session. People removed at your company are signed out within minutes."
        />
        <SwitchField<CompanySignInValues>
          name="endsAtCompany"
          label="Sign out at the company too"
          description="Otherwise a sign-out ends the session here only."
        />
      </AdvancedFields>
    </>
  );
}
