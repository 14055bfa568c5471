import { Group, NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { useFormContext } from "react-hook-form";
import { AdvancedFields, SelectField, TextField } from "@/components/fields";
import { PLATFORMS, SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { ACCOUNT_TYPES } from "@/lib/oauth/schema";
import { ACCOUNT_TYPE_LABELS } from "@/lib/registrations/registration/schema";
import type { CloudChoice, ServiceId } from "@/lib/registrations/schema";
import { FORM_VARIANTS } from "./form-variants";
import { ProviderHostFields } from "./provider-host-fields";
import { MicrosoftGrantField, type RegistrationValues, SERVICE_FIELDS } from "./service-fields";

type RegistrationFieldsProps = { clouds: CloudChoice[]; canChooseService?: boolean };

const SERVICES = SERVICE_IDS.map((value) => ({ value, label: PLATFORMS[value].label }));

export function RegistrationFields({ clouds, canChooseService = true }: RegistrationFieldsProps) {
  const { watch } = useFormContext<RegistrationValues>();
  const Fields = SERVICE_FIELDS[watch("service")];
  return (
    <>
      <TextField<RegistrationValues>
        name="name"
        label="Name"
        description="A name for this connection, such as your company's."
        autoFocus
        withAsterisk
      />
      <ServiceFields clouds={clouds} canChoose={canChooseService} />
      <Fields />
    </>
  );
}

type AdvancedRegistrationProps = { clouds: CloudChoice[]; isOpen?: boolean; children?: ReactNode };

export function AdvancedRegistration({ clouds, isOpen, children }: AdvancedRegistrationProps) {
  const service = useFormContext<RegistrationValues>().watch("service");
  const { advancedHint, seldom } = FORM_VARIANTS[service];
  const ofService = clouds.filter((cloud) => cloud.service === service);
  return (
    <AdvancedFields hint={advancedHint} {...(isOpen && { isOpen })}>
      <CloudFields clouds={ofService} />
      {seldom && (
        <>
          <MicrosoftGrantField />
          {children}
          {seldom.hasOwnHosts && <ProviderHostFields clouds={ofService} />}
        </>
      )}
    </AdvancedFields>
  );
}

function ServiceFields({ clouds, canChoose }: { clouds: CloudChoice[]; canChoose: boolean }) {
  const { watch, setValue, clearErrors, formState } = useFormContext<RegistrationValues>();
  const service = watch("service");
  const changeService = (chosen: ServiceId) => {
    setValue("service", chosen);
    setValue("type", FORM_VARIANTS[chosen].type.value);
    setValue("cloud", clouds.find((cloud) => cloud.service === chosen)?.id ?? "");
    setValue("grant", "delegated");
    setValue("accountTypes", "tenant");
    setValue("hosts", null);
    clearErrors(["clientId", "tenantId"]);
  };
  return (
    <Group grow align="flex-start">
      <NativeSelect
        label="Service"
        data={canChoose ? SERVICES : SERVICES.filter(({ value }) => value === service)}
        error={formState.errors.service?.message}
        value={service}
        onChange={(event) => changeService(event.currentTarget.value as ServiceId)} // one of SERVICES
      />
      <SelectField<RegistrationValues>
        name="type"
        key={service} // takes its value again, once the other options are there
        label="Type"
        data={[FORM_VARIANTS[service].type]}
      />
    </Group>
  );
}

function CloudFields({ clouds }: { clouds: CloudChoice[] }) {
  const { watch, setValue } = useFormContext<RegistrationValues>();
  const service = watch("service");
  return (
    <Group grow align="flex-start">
      <SelectField<RegistrationValues>
        name="cloud"
        onChange={() => setValue("hosts", null)}
        key={service}
        label="Cloud"
        data={clouds.map(({ id, label }) => ({ value: id, label }))}
      />
      {FORM_VARIANTS[service].seldom?.hasAccountTypes && (
        <SelectField<RegistrationValues>
          name="accountTypes"
          label="Supported account types"
          data={ACCOUNT_TYPES.map((value) => ({
            value,
            label: ACCOUNT_TYPE_LABELS[value],
          }))}
        />
      )}
    </Group>
  );
}
