/**
 * Lets `hortus_remover` empty every table that has a `workspace_id`, those of later migrations too: it runs behind each
 * migration, and changes nothing where nothing is missing. A table that it did not know would keep rows of a workspace whose
 * removal ends with a receipt.
 */
export const ALLOW_REMOVAL = `do $$
declare
  name text;
begin
  for name in
    select c.oid::regclass from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'workspace_id' and a.attnum > 0
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'removal')
  loop
    execute format(
      'create policy removal on %s for all to hortus_remover
         using (workspace_id = (select hortus_setting(''workspace_id'')::uuid))
         with check (workspace_id = (select hortus_setting(''workspace_id'')::uuid))', name);
    execute format('grant select, delete on %s to hortus_remover', name);
  end loop;
end $$`;
