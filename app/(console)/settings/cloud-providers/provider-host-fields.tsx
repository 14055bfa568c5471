import { Button, Fieldset, Group, Stack, Text } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import { useFormContext } from "react-hook-form";
import { EndpointFields } from "@/components/endpoint-fields";
import { TextField } from "@/components/fields";
import { keepFocus } from "@/components/form";
import type { CloudChoice } from "@/lib/registrations/schema";
import type { RegistrationValues } from "./service-fields";

const ORIGINS = [
  ["authority", "Sign-in servers", "Postkey requests tokens here, and browsers sign in here."],
  ["scopeHost", "Host of the mail scopes", "The names of the mail permissions begin with it."],
  [
    "graph",
    "Microsoft Graph",
    "For renewing client secrets, and for accounts that send through it. Can be empty.",
  ],
] as const;

export function ProviderHostFields({ clouds }: { clouds: CloudChoice[] }) {
  const { watch, setValue } = useFormContext<RegistrationValues>();
  const preset = clouds.find(({ id }) => id === watch("cloud"))?.hosts;
  if (watch("hosts") !== null) return <OwnHostFields />;
  return (
    <div>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconAdjustments size={16} />}
        disabled={!preset}
        onMouseDown={keepFocus}
        onClick={() => setValue("hosts", preset ? structuredClone(preset) : null)}
      >
        Edit hosts
      </Button>
    </div>
  );
}

function OwnHostFields() {
  const { setValue, clearErrors } = useFormContext<RegistrationValues>();
  const reset = () => {
    clearErrors("hosts");
    setValue("hosts", null);
  };
  return (
    <Fieldset legend="Hosts">
      <Stack gap="sm">
        <Text c="dimmed">
          These are the cloud's own hosts. Changes apply to this provider only.
        </Text>
        {ORIGINS.map(([name, label, description]) => (
          <TextField<RegistrationValues>
            key={name}
            name={`hosts.${name}`}
            label={label}
            description={description}
            spellCheck={false}
          />
        ))}
        <EndpointFields name="hosts.mail.imap" protocol="IMAP" />
        <EndpointFields name="hosts.mail.smtp" protocol="SMTP" />
        <EndpointFields name="hosts.mail.pop3" protocol="POP3" />
        <Group>
          <Button size="compact-sm" variant="subtle" onMouseDown={keepFocus} onClick={reset}>
            Use the hosts of the cloud
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
