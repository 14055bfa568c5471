import type { Metadata } from "next";
import { findWaysIn } from "@/lib/access/company/queries";
import { SetUp } from "./set-up";

export const metadata: Metadata = { title: "Set up" };

export default async function SetUpPage() {
  return <SetUp companies={(await findWaysIn()).buttons} />;
}
