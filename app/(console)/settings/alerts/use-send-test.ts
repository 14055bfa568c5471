"use client";

import { useTransition } from "react";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { sendTestAlertAction } from "./actions";

/** Sends a test through a channel and says what came of it. */
export function useSendTest({ id, name }: { id: string; name: string }) {
  const [isSending, startSending] = useTransition();
  const sendTest = () =>
    startSending(async () => {
      const result = await sendTestAlertAction({ id });
      if (result.ok) notifySuccess(`A test was sent through ${name}.`);
      else notifyProblem(result.error);
    });
  return { isSending, sendTest };
}
