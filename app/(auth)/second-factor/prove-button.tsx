"use client";

import { Button } from "@mantine/core";
import { useRouter } from "next/navigation";
import { askForProof } from "@/components/proof";

export function ProveButton() {
  const router = useRouter();
  const prove = async () => {
    if (await askForProof()) router.refresh();
  };
  return <Button onClick={() => void prove()}>Use second factor</Button>;
}
