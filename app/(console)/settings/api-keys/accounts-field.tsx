"use client";

import { NativeSelect, Pill, Stack } from "@mantine/core";
import { useController, useFormContext } from "react-hook-form";
import { searchEmailAccountsAction } from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import { knownChoice, rememberChoice } from "@/components/known-choices";
import { TextField } from "@/components/text-fields";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import type { ApiKeyValues } from "./api-key-values";

type Reach = "all" | "chosen" | "prefix";

const REACHES: { value: Reach; label: string }[] = [
  { value: "all", label: "All email accounts" },
  { value: "chosen", label: "Selected accounts" },
  { value: "prefix", label: "Accounts whose key begins with…" },
];

const NO_WIDER_TOKENS =
  "This key can't fetch tokens that open other mailboxes too: an application's, or a delegate's for a shared mailbox. It can read and send through Postkey.";

const OPENS_EVERY_MAILBOX =
  "With access tokens of all accounts, anyone who has this key can read, change and send the mail of every mailbox. Choose accounts if its program needs only some.";

export function AccountsField({ accounts }: { accounts: Choices }) {
  const form = useFormContext<ApiKeyValues>();
  const reach = reachOf(form.watch());
  const opensAll = reach === "all" && form.watch("permissions").includes("tokens:read");
  const choose = (next: Reach) => {
    form.setValue("accountIds", next === "chosen" ? [] : null);
    form.setValue("accountKeyPrefix", next === "prefix" ? "" : null);
  };
  return (
    <>
      <NativeSelect
        label="Applies to"
        description={reach === "all" ? opensAll && OPENS_EVERY_MAILBOX : NO_WIDER_TOKENS}
        data={REACHES}
        value={reach}
        onChange={({ currentTarget }) => choose(currentTarget.value as Reach)}
      />
      {reach === "chosen" && <ChosenAccounts accounts={accounts} />}
      {reach === "prefix" && (
        <TextField<ApiKeyValues> name="accountKeyPrefix" label="Key begins with" />
      )}
    </>
  );
}

function reachOf({ accountIds, accountKeyPrefix }: ApiKeyValues): Reach {
  if (accountIds) return "chosen";
  return typeof accountKeyPrefix === "string" ? "prefix" : "all";
}

function ChosenAccounts({ accounts }: { accounts: Choices }) {
  const { field, fieldState } = useController<ApiKeyValues, "accountIds">({ name: "accountIds" });
  const chosen = (field.value ?? []).flatMap((id) => knownChoice(id) ?? []);
  const change = (next: Choice[]) => {
    next.forEach(rememberChoice);
    field.onChange(next.map(({ id }) => id));
  };
  return (
    <Stack gap="xs">
      <ChoiceInput
        label="Accounts"
        placeholder={chosen.length === 0 ? "Choose …" : "Add another …"}
        first={accounts}
        find={(search) => searchEmailAccountsAction({ search })}
        except={chosen.map(({ id }) => id)}
        value={null}
        error={fieldState.error?.message}
        onChange={(account) => account && change([...chosen, account])}
        onBlur={field.onBlur}
        ref={field.ref}
      />
      <Pill.Group>
        {chosen.map(({ id, name, detail }) => (
          <Pill
            key={id}
            withRemoveButton
            removeButtonProps={{
              "aria-label": `Remove ${name}`,
              "aria-hidden": false,
              tabIndex: 0,
            }}
            onRemove={() => change(chosen.filter((each) => each.id !== id))}
          >
            {name} · {detail}
          </Pill>
        ))}
      </Pill.Group>
    </Stack>
  );
}
