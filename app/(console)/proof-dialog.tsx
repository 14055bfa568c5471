"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useSyncExternalStore } from "react";
import { askForProof, followProof, isProofAsked } from "@/components/proof";

// On every page and rarely needed: loaded with the question.
const AskedProof = dynamic(() => import("./asked-proof").then((module) => module.AskedProof));

/** Opens when an action asks for proof; the action is then repeated. */
export function ProofDialog() {
  const isAsked = useSyncExternalStore(followProof, isProofAsked, () => false);
  return isAsked ? <AskedProof /> : null;
}

export function ProveButton() {
  const router = useRouter();
  const prove = async () => {
    if (await askForProof()) router.refresh();
  };
  return <Button onClick={() => void prove()}>Use second factor</Button>;
}
