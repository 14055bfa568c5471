import { notFound } from "next/navigation";
import { idSchema } from "@/lib/kernel/fields/schema";

export async function byId<T>(named: string, find: (id: string) => Promise<T | null>): Promise<T> {
  const id = idSchema.safeParse(named).data;
  return (id ? await find(id) : null) ?? notFound();
}
