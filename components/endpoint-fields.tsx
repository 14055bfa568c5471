import { Group, TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import { SelectField, TextField } from "./fields";

type EndpointFieldsProps = {
  name: string;
  protocol: "IMAP" | "SMTP" | "POP3";
  isRequired?: boolean;
};

export function EndpointFields({ name, protocol, isRequired = false }: EndpointFieldsProps) {
  const { register, getFieldState, formState } = useFormContext();
  const error = (path: string) => getFieldState(path, formState).error?.message;
  return (
    <Group align="flex-start" grow preventGrowOverflow={false}>
      <TextInput
        label={`${protocol} host`}
        autoComplete="off"
        spellCheck={false}
        withAsterisk={isRequired}
        miw={180}
        error={error(`${name}.host`) ?? error(name)}
        {...register(`${name}.host`)}
      />
      <TextField
        name={`${name}.port`}
        label="Port"
        aria-label={`${protocol} port`}
        inputMode="numeric"
        maw={90}
        setValueAs={toPort}
      />
      <SelectField
        name={`${name}.tls`}
        label="Security"
        aria-label={`${protocol} security`}
        data={[
          { value: "implicit", label: "TLS" },
          { value: "starttls", label: "STARTTLS" },
        ]}
        maw={140}
      />
    </Group>
  );
}

/** Other text stays as typed and is refused with a message. */
function toPort(value: unknown): unknown {
  return typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value;
}
