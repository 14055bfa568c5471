"use client";

import { FileInput, Group, NativeSelect, PasswordInput, Text } from "@mantine/core";
import { useState } from "react";
import { CERTIFICATE_FILE_MAX, FILE_TOO_LARGE } from "@/lib/registrations/credentials/schema";
import { CERTIFICATE_BITS, CERTIFICATE_MONTHS } from "./certificate-choices";
import { type FieldsProps, useCredential } from "./credential-form";

/** One that exists, with its key. */
export function CertificateFields({ name }: FieldsProps) {
  const { form, error } = useCredential(name);
  const [chosen, setChosen] = useState<File | null>(null);
  const choose = async (file: File | null) => {
    setChosen(file);
    form.clearErrors(`${name}.file`);
    // A file that is too large is not even read.
    const isTooLarge = (file?.size ?? 0) > CERTIFICATE_FILE_MAX;
    form.setValue(`${name}.file`, file && !isTooLarge ? await base64Of(file) : "");
    if (isTooLarge) form.setError(`${name}.file`, { message: FILE_TOO_LARGE });
  };
  return (
    <>
      <FileInput
        label="Certificate with its private key"
        description="PFX or P12, or a PEM file that has both. The key never leaves this server."
        placeholder="Choose a file"
        accept=".pfx,.p12,.pem"
        withAsterisk
        clearable
        clearButtonProps={{ "aria-label": "Remove the file" }}
        value={chosen}
        onChange={choose}
        error={error("file")}
      />
      <PasswordInput
        label="Password of the file"
        description="Leave empty if the file has none."
        autoComplete="off"
        aria-invalid={error("password") !== undefined}
        error={error("password")}
        {...form.register(`${name}.password`)}
      />
    </>
  );
}

/** One that Postkey makes. */
export function GeneratedFields({ name }: FieldsProps) {
  const { form, error } = useCredential(name);
  return (
    <>
      <Group grow align="flex-start">
        <NativeSelect
          label="Key"
          data={CERTIFICATE_BITS}
          error={error("bits")}
          {...form.register(`${name}.bits`)}
        />
        <NativeSelect
          label="Valid for"
          data={CERTIFICATE_MONTHS}
          error={error("months")}
          {...form.register(`${name}.months`)}
        />
      </Group>
      <Text size="sm" c="dimmed">
        The private key is created on this server and never leaves it. On the next page, download
        the certificate, register it, and prove it.
      </Text>
    </>
  );
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
