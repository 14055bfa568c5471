import type { Prisma } from "@/prisma/generated/client";

/** What runs in it is committed as one, or not at all. */
export type Transaction = Prisma.TransactionClient;
