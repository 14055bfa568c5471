import { Text, TextInput } from "@mantine/core";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useContext, useRef, useState, useTransition } from "react";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { CloseDialog } from "./close-dialog";
import { DecisionDialog } from "./dialog";
import { attempt } from "./use-action";

type ConfirmDialogProps<T> = {
  title: string;
  confirmLabel: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  deletes?: number;
  problem?: ActionError | null;
  action: () => Promise<ActionResult<T>>;
  onSuccess: (data: T) => void;
  onClose?: () => void;
  children: ReactNode;
};

export function ConfirmDialog<T>(props: ConfirmDialogProps<T>) {
  const { confirmLabel, problem = null, isDisabled = false, deletes = 0 } = props;
  const { action, onSuccess, children, ...rest } = props;
  const { field, isTyped } = useTypedCount(deletes);
  const [refused, setRefused] = useState<ActionError | null>(null);
  const [isBusy, start] = useTransition();
  const [isDone, setDone] = useState(false);
  // Enter must not repeat the act while the next page loads.
  const isAsked = useRef(false);
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    if (isDisabled || !isTyped || isAsked.current) return;
    isAsked.current = true;
    start(async () => {
      const result = await attempt(action);
      isAsked.current = result.ok;
      setDone(result.ok);
      if (result.ok) onSuccess(result.data);
      else setRefused(result.error);
    });
  };
  return (
    <DecisionDialog
      {...rest}
      submitLabel={confirmLabel}
      problem={refused ?? problem}
      isBusy={isBusy || isDone}
      isDisabled={isDisabled || !isTyped}
      onSubmit={confirm}
    >
      {children}
      {field}
    </DecisionDialog>
  );
}

export type Run = () => Promise<ActionResult<() => void>>;

export type ConfirmedRun = {
  run: Run;
  confirm?: { title: string; label?: string; text: ReactNode; isDangerous?: boolean } | undefined;
  leadsTo?: Route;
};

type ActDialogProps = { act: ConfirmedRun & { label: string; isDangerous?: boolean } };

export function ActDialog({ act }: ActDialogProps) {
  const router = useRouter();
  const close = useContext(CloseDialog);
  const { label, isDangerous, confirm, run, leadsTo } = act;
  if (!confirm) return null;
  const finish = (done: () => void) => {
    close();
    done();
    if (leadsTo) router.push(leadsTo);
  };
  return (
    <ConfirmDialog
      title={confirm.title}
      confirmLabel={confirm.label ?? label}
      isDangerous={confirm.isDangerous ?? isDangerous ?? false}
      action={run}
      onSuccess={finish}
    >
      {typeof confirm.text === "string" ? <Text>{confirm.text}</Text> : confirm.text}
    </ConfirmDialog>
  );
}

/** More are deleted only after their number is typed. */
const TYPED_FROM = 21;

export function useTypedCount(count: number): { field: ReactNode; isTyped: boolean } {
  const [text, setText] = useState("");
  if (count < TYPED_FROM) return { field: null, isTyped: true };
  const field = (
    <TextInput
      label={`Type ${count.toLocaleString("en")} to confirm`}
      description="How many will be deleted."
      inputMode="numeric"
      autoComplete="off"
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
    />
  );
  return { field, isTyped: text.replace(/[\s,.]/g, "") === String(count) };
}
