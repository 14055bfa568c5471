"use client";

import { MultiSelect, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { Controller, useFormContext } from "react-hook-form";
import type { AccountChoice } from "@/lib/email-accounts/schema";
import type { ApiKeyValues } from "./api-key-values";

type Reach = "all" | "chosen" | "prefix";

const REACHES: { value: Reach; label: string }[] = [
  { value: "all", label: "All email accounts" },
  { value: "chosen", label: "Selected accounts" },
  { value: "prefix", label: "Accounts whose key begins with…" },
];

const NO_APPLICATION_TOKENS =
  "This key can't fetch access tokens of an application that signs in by itself, because such a token opens every mailbox of the application. It can read and send through Postkey.";

/** Which accounts a key reaches; the others do not exist to it. */
export function AccountsField({ accounts }: { accounts: AccountChoice[] }) {
  const form = useFormContext<ApiKeyValues>();
  const [reach, setReach] = useState<Reach>("all");
  const { errors } = form.formState;
  const choose = (next: Reach) => {
    setReach(next);
    form.setValue("accountIds", []);
    form.setValue("accountKeyPrefix", next === "prefix" ? "" : null);
  };
  return (
    <>
      <NativeSelect
        label="Applies to"
        description={reach === "all" ? undefined : NO_APPLICATION_TOKENS}
        data={REACHES}
        value={reach}
        onChange={({ currentTarget }) => choose(currentTarget.value as Reach)}
      />
      {reach === "chosen" && (
        <Controller
          control={form.control}
          name="accountIds"
          render={({ field: { value, onChange } }) => (
            <MultiSelect
              label="Accounts"
              searchable
              data={accounts.map(({ id, name, emailAddress }) => ({
                value: id,
                label: `${name} · ${emailAddress}`,
              }))}
              value={value ?? []}
              onChange={onChange}
              nothingFoundMessage="No account has this name."
              error={errors.accountIds?.message}
            />
          )}
        />
      )}
      {reach === "prefix" && (
        <TextInput
          label="Key begins with"
          autoComplete="off"
          error={errors.accountKeyPrefix?.message}
          {...form.register("accountKeyPrefix")}
        />
      )}
    </>
  );
}
