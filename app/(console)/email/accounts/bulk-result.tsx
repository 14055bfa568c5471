"use client";

import { Button, List, Text } from "@mantine/core";
import { Dialog } from "@/components/dialog";
import { FormProblem } from "@/components/form-problem";
import { PART, type BulkResult as Result } from "@/lib/email-accounts/bulk/schema";
import { counted } from "@/lib/kernel/text/schema";
import type { PartsResult } from "./bulk-parts";
import { type BulkWish, WISHES } from "./bulk-wishes";

type BulkResultProps = {
  wish: BulkWish;
  result: PartsResult;
  onRetry: () => void;
  onClose: () => void;
};

const NAMED = 20;

export function BulkResult({ wish, result, onRetry, onClose }: BulkResultProps) {
  const { changed, missing, refused, left } = result;
  const again = left.length + refused.length;
  return (
    <Dialog
      title={`${changed === 0 ? "No account was" : "Not every account was"} ${WISHES[wish].done}`}
      onClose={onClose}
      buttons={
        <>
          {again > 0 && (
            <Button variant="default" onClick={onRetry}>
              {left.length > 0 ? "Continue" : "Try again"} ({again.toLocaleString("en")})
            </Button>
          )}
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {left.length > 0 && <Stopped result={result} />}
      {(changed > 0 || result.unchanged > 0) && <Text>{changedText(wish, result)}</Text>}
      {missing > 0 && (
        <Text>
          {counted(missing, "account")} {missing === 1 ? "was" : "were"} deleted in the meantime.
        </Text>
      )}
      {refused.length > 0 && (
        <>
          <Text>
            {counted(refused.length, "account")} could not be {WISHES[wish].done} and{" "}
            {refused.length === 1 ? "stays" : "stay"} selected:
          </Text>
          <List size="sm">
            {refused.slice(0, NAMED).map(({ id, name, reason }) => (
              <List.Item key={id}>
                {name}: {reason}
              </List.Item>
            ))}
          </List>
          {refused.length > NAMED && (
            <Text>And {(refused.length - NAMED).toLocaleString("en")} more.</Text>
          )}
        </>
      )}
    </Dialog>
  );
}

function Stopped({ result: { left, problem } }: { result: PartsResult }) {
  const rest = `${counted(left.length, "account")} ${left.length === 1 ? "is" : "are"}`;
  const isUnsure = problem?.code === "temporarily_unavailable";
  return (
    <>
      <FormProblem problem={problem} />
      <Text>
        It stopped before its end: {rest} left and stay{left.length === 1 && "s"} selected.
        {isUnsure &&
          ` Of the first ${Math.min(PART, left.length).toLocaleString("en")} of these, Postkey's answer is missing: Continue asks for them again, and changes none of them twice.`}
      </Text>
    </>
  );
}

/** @param to in words, where it is one of a few */
export function changedText(wish: BulkWish, { changed, unchanged }: Result, to?: string): string {
  const done = `${WISHES[wish].said} ${counted(changed, "account")}${to ? ` to ${to}` : ""}.`;
  if (unchanged === 0) return done;
  const already = `${counted(unchanged, "account")} needed no change.`;
  return changed === 0 ? already : `${done} ${already}`;
}
