"use client";

import { Code, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { AddressText } from "@/components/address-text";
import { useCan } from "@/components/can";
import classes from "./api.module.css";
import type { Field, OperationGroup, OperationView } from "./describe-operations";
import { Described, TryOperation, WithCode } from "./try-operation";

export function Operations({ groups }: { groups: OperationGroup[] }) {
  const [key, setKey] = useState("");
  return (
    <Stack>
      <PasswordInput
        label="API key for trying them out"
        description="Stays on this page. Without a key, requests use your session."
        autoComplete="off"
        value={key}
        onChange={({ currentTarget }) => setKey(currentTarget.value)}
      />
      {groups.map(({ id, tag, operations }) => (
        <section key={id} id={id}>
          <Title order={3} size="h6" mt="sm" mb={4}>
            {tag}
          </Title>
          {operations.map((operation) => (
            <Operation key={operation.id} operation={operation} apiKey={key} />
          ))}
        </section>
      ))}
    </Stack>
  );
}

function Operation({ operation, apiKey }: { operation: OperationView; apiKey: string }) {
  const [isOpen, setOpen] = useState(false);
  const { method, path, summary, description, answer } = operation;
  return (
    <details
      className={classes.operation}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        <span className={classes.method}>{method}</span>{" "}
        <code>
          <AddressText address={path} />
        </code>
        <span className={classes.summary}>
          <WithCode text={summary} />
        </span>
      </summary>
      {isOpen && (
        <Stack gap="sm" className={classes.body}>
          {description && <Described text={description} />}
          {operation.body && (
            <Fields
              title="Fields of the body. Nested fields are required only if you send their parent."
              fields={operation.body.fields}
            />
          )}
          <Text>
            Returns {answer.status}: <WithCode text={answer.description} />
          </Text>
          {answer.schema && (
            <Code block tabIndex={0} role="group" aria-label={`Answer of ${operation.id}`}>
              {answer.schema}
            </Code>
          )}
          <Fields title="Values in the answer:" fields={answer.choices} />
          <Try operation={operation} apiKey={apiKey} />
        </Stack>
      )}
    </details>
  );
}

const NEEDED = { always: "required", sometimes: "sometimes required", never: null } as const;

function Fields({ title, fields }: { title: string; fields: readonly Field[] }) {
  if (fields.length === 0) return null;
  return (
    <div>
      <Text>{title}</Text>
      <ul className={classes.list}>
        {fields.map(({ path, isNeeded, description, allowed }) => (
          <li key={path}>
            <code>{path}</code>
            {NEEDED[isNeeded] && <strong> ({NEEDED[isNeeded]})</strong>}
            {(description || allowed) && ": "}
            <WithCode text={`${description} ${allowed}`} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Try({ operation, apiKey }: { operation: OperationView; apiKey: string }) {
  const can = useCan();
  const { isForPrograms, permission } = operation;
  if (isForPrograms)
    return <Text>Postkey never gives a token to a browser. Use the programs above instead.</Text>;
  if (!apiKey && !can(permission ?? undefined))
    return <Text>Your role can't send this. Enter an API key above.</Text>;
  return <TryOperation operation={operation} apiKey={apiKey} />;
}
