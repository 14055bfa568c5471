"use client";

import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import { sendTestAlertAction } from "./actions";

/** Sends a test through a channel and shows the outcome. */
export function useSendTest({ id, name }: { id: string; name: string }) {
  const { isBusy: isSending, run } = useAction();
  const sendTest = () =>
    run(
      () => sendTestAlertAction({ id }),
      () => notifySuccess(`A test was sent through ${name}.`),
    );
  return { isSending, sendTest };
}
