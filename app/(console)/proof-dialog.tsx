"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { askForProof, useProofAsked } from "@/components/proof";

// On every page and rarely needed: loaded with the question.
const AskedProof = dynamic(() => import("./asked-proof").then((module) => module.AskedProof));

/** Opens when an action asks for proof; the action is then repeated. */
export function ProofDialog() {
  return useProofAsked() && <AskedProof />;
}

export function ProveButton() {
  const router = useRouter();
  const prove = async () => {
    if (await askForProof()) router.refresh();
  };
  return <Button onClick={() => void prove()}>Use second factor</Button>;
}
