"""What the text of a query tells of the size of its answer."""

from __future__ import annotations

from airflow.providers.sqlite.hooks.sqlite import SqliteHook
from airflow.sdk import task


@task
def everything():
    return SqliteHook("warehouse").get_records("select * from orders")


@task
def everything_upper():
    return SqliteHook("warehouse").get_records("SELECT * FROM orders;")


@task
def columns():
    return SqliteHook("warehouse").get_records(
        "select id, city as town from orders o where o.amount > 10 order by 1"
    )


@task
def counted():
    return SqliteHook("warehouse").get_records("SELECT COUNT(*) FROM orders")


@task
def counted_distinct():
    return SqliteHook("warehouse").get_records("select count(distinct city) from orders")


@task
def counted_rows_of_subquery():
    return SqliteHook("warehouse").get_records("select count(*) from (select * from orders where amount > 3)")


@task
def maximum():
    return SqliteHook("warehouse").get_records("select max(id) as last_id from orders")


@task
def nested_functions():
    return SqliteHook("warehouse").get_records("select coalesce(max(id), 0) from orders")


@task
def casted():
    return SqliteHook("warehouse").get_records("select cast(sum(amount) as integer) from orders")


@task
def two_aggregates():
    return SqliteHook("warehouse").get_records("select min(day), max(day) from orders where city = 'Graz'")


@task
def aggregate_and_literal():
    return SqliteHook("warehouse").get_records("select 1, count(*), 'x' from orders")


@task
def aggregate_times():
    return SqliteHook("warehouse").get_records("select sum(amount) * 2 from orders")


@task
def aggregate_of_case():
    return SqliteHook("warehouse").get_records("select count(case when amount > 3 then 1 end) from orders")


@task
def aggregate_filter():
    return SqliteHook("warehouse").get_records("select count(*) filter (where amount > 3) from orders")


@task
def aggregate_in_brackets():
    return SqliteHook("warehouse").get_records("select (max(id) + 1) from orders")


@task
def ratio():
    return SqliteHook("warehouse").get_records("select sum(amount) / count(*) from orders")


@task
def difference():
    return SqliteHook("warehouse").get_records("select max(id) - min(id) from orders")


@task
def boolean_of_count():
    return SqliteHook("warehouse").get_records("select count(*) > 0 from orders")


@task
def case_of_count():
    return SqliteHook("warehouse").get_records(
        "select case when count(*) > 0 then 'some' else 'none' end from orders"
    )


@task
def aggregate_having():
    return SqliteHook("warehouse").get_records("select count(*) from orders having count(*) > 3")


@task
def column_with_max():  # a matter of taste
    return SqliteHook("warehouse").get_records("select name, max(amount) from orders")


@task
def per_city():
    return SqliteHook("warehouse").get_records("select city, count(*) from orders group by city")


@task
def per_city_having():
    return SqliteHook("warehouse").get_records(
        "select city, sum(amount) from orders group by city having sum(amount) > 1"
    )


@task
def per_id():  # a matter of taste
    return SqliteHook("warehouse").get_records("select id, count(*) from orders group by id")


@task
def per_name():  # a matter of taste
    return SqliteHook("warehouse").get_records("select name, sum(amount) from orders group by 1")


@task
def distinct_cities():
    return SqliteHook("warehouse").get_records("select distinct city from orders")


@task
def distinct_ids():  # a matter of taste
    return SqliteHook("warehouse").get_records("select distinct id from orders")


@task
def limited():
    return SqliteHook("warehouse").get_records("select * from orders limit 10")


@task
def limited_upper():
    return SqliteHook("warehouse").get_records("SELECT * FROM orders ORDER BY id DESC LIMIT 5")


@task
def limited_with_offset():
    return SqliteHook("warehouse").get_records("select * from orders limit 10 offset 20")


@task
def limited_with_comma():
    return SqliteHook("warehouse").get_records("select * from orders limit 20, 10")


@task
def limited_with_semicolon():
    return SqliteHook("warehouse").get_records("select * from orders limit 10 ; ")


@task
def limited_and_comment():
    return SqliteHook("warehouse").get_records("select * from orders /* all */ limit 10 -- few")


@task
def comment_alone():
    return SqliteHook("warehouse").get_records("select * from orders -- limit 10")


@task
def limited_to_very_many():
    return SqliteHook("warehouse").get_records("select * from orders limit 100000")


@task
def limited_inside_only():
    return SqliteHook("warehouse").get_records(
        "select * from orders o join (select id from orders limit 2) x on 1 = 1"
    )


@task
def limited_inside_from():
    return SqliteHook("warehouse").get_records(
        "select id from (select id from orders order by amount limit 5) t"
    )


@task
def limited_inside_where():
    return SqliteHook("warehouse").get_records(
        "select * from orders where id in (select id from orders limit 3)"
    )


@task
def limited_union():
    return SqliteHook("warehouse").get_records(
        "select * from (select id from orders limit 2) union all select * from (select id from orders limit 2)"
    )


@task
def limited_first_of_union():
    return SqliteHook("warehouse").get_records(
        "select id from (select id from orders limit 2) union all select id from orders"
    )


@task
def union_of_all():
    return SqliteHook("warehouse").get_records("select id from orders union select id + 100000 from orders")


@task
def union_of_counts():
    return SqliteHook("warehouse").get_records(
        "select count(*) from orders union all select count(*) from orders"
    )


@task
def union_of_count_and_all():
    return SqliteHook("warehouse").get_records("select count(*) from orders union all select id from orders")


@task
def by_id():
    return SqliteHook("warehouse").get_records("select * from orders where id = 7")


@task
def by_id_qualified():
    return SqliteHook("warehouse").get_records("select o.name from orders o where o.id = 7")


@task
def by_id_in():
    return SqliteHook("warehouse").get_records("select * from orders where id in (1, 2)")


@task
def by_id_between():
    return SqliteHook("warehouse").get_records("select * from orders where id between 3 and 5000000")


@task
def by_id_above():
    return SqliteHook("warehouse").get_records("select * from orders where id > 7")


@task
def by_id_not():
    return SqliteHook("warehouse").get_records("select * from orders where id <> 7")


@task
def by_id_not_in():
    return SqliteHook("warehouse").get_records("select * from orders where id not in (1, 2)")


@task
def by_id_or():
    return SqliteHook("warehouse").get_records("select * from orders where id = 7 or amount > 3")


@task
def by_id_and():
    return SqliteHook("warehouse").get_records("select * from orders where amount > 3 and id = 7")


@task
def by_id_of_subquery():
    return SqliteHook("warehouse").get_records("select * from orders where id in (select id from orders)")


@task
def by_id_of_max():
    return SqliteHook("warehouse").get_records("select * from orders where id = (select max(id) from orders)")


@task
def by_city():
    return SqliteHook("warehouse").get_records("select * from orders where city = 'Graz'")


@task
def by_name():  # a matter of taste
    return SqliteHook("warehouse").get_records("select * from orders where name = 'customer 3'")


@task
def by_id_null():
    return SqliteHook("warehouse").get_records("select * from orders where id = id")


@task
def joined_by_id():
    return SqliteHook("warehouse").get_records("select a.id from orders a join orders b on a.id = b.id")


@task
def joined_where_id():
    return SqliteHook("warehouse").get_records("select a.id from orders a, orders b where a.id = b.id")


@task
def with_count():
    return SqliteHook("warehouse").get_records("with x as (select * from orders) select count(*) from x")


@task
def with_all():
    return SqliteHook("warehouse").get_records(
        "with x as (select * from orders where amount > 3) select * from x"
    )


@task
def with_limited():
    return SqliteHook("warehouse").get_records("with x as (select * from orders limit 10) select * from x")


@task
def with_limit_at_end():
    return SqliteHook("warehouse").get_records(
        "with x as (select * from orders) select * from x order by id limit 10"
    )


@task
def with_limited_and_joined():
    return SqliteHook("warehouse").get_records(
        "with x as (select id from orders limit 3) select o.* from orders o where o.amount > 3 or o.id in (select id from x)"
    )


@task
def with_grouped():
    return SqliteHook("warehouse").get_records(
        "with x as (select city, sum(amount) total from orders group by city) select * from x"
    )


@task
def with_two():
    return SqliteHook("warehouse").get_records(
        "with x as (select 1 a), y as (select * from orders) select * from y"
    )


@task
def with_count_inside():
    return SqliteHook("warehouse").get_records(
        "with n as (select count(*) c from orders) select o.id, n.c from orders o, n"
    )


@task
def window():
    return SqliteHook("warehouse").get_records("select id, row_number() over (order by id) from orders")


@task
def window_sum():
    return SqliteHook("warehouse").get_records("select sum(amount) over (partition by city) from orders")


@task
def window_count_inside():
    return SqliteHook("warehouse").get_records(
        "select count(*) from (select row_number() over () from orders)"
    )


@task
def top_of_window():  # a matter of taste
    return SqliteHook("warehouse").get_records(
        "select * from (select id, row_number() over (partition by city order by amount) n from orders) where n = 1"
    )


@task
def is_there():
    return SqliteHook("warehouse").get_records("select exists(select 1 from orders)")


@task
def not_exists():
    return SqliteHook("warehouse").get_records("select not exists(select 1 from orders where id < 0)")


@task
def scalar_subqueries():
    return SqliteHook("warehouse").get_records(
        "select (select count(*) from orders), (select max(id) from orders)"
    )


@task
def scalar_subquery_each():
    return SqliteHook("warehouse").get_records("select id, (select count(*) from orders) from orders")


@task
def constant():
    return SqliteHook("warehouse").get_records("select 1")


@task
def constant_text():
    return SqliteHook("warehouse").get_records("select 'from orders'")


@task
def values_only():
    return SqliteHook("warehouse").get_records("values (1), (2)")


@task
def date_now():
    return SqliteHook("warehouse").get_records("select date('now')")


@task
def catalog():
    return SqliteHook("warehouse").get_records("select name from sqlite_master")


@task
def pragma():
    return SqliteHook("warehouse").get_records("pragma table_info('orders')")


@task
def pragma_count():
    return SqliteHook("warehouse").get_records("pragma user_version")


@task
def joined_aggregate():
    return SqliteHook("warehouse").get_records("select count(*) from orders a join orders b on a.id = b.id")


@task
def group_concat():  # a matter of taste
    return SqliteHook("warehouse").get_records("select group_concat(name) from orders")


@task
def json_array():  # a matter of taste
    return SqliteHook("warehouse").get_records("select json_group_array(name) from orders")


@task
def substring():
    return SqliteHook("warehouse").get_records("select substr(name, 1, 3) from orders")


@task
def maximum_of_two():  # a matter of taste
    return SqliteHook("warehouse").get_records("select max(id, 3) from orders")


@task
def minimum_of_two():  # a matter of taste
    return SqliteHook("warehouse").get_records("select min(amount, 3) from orders")


@task
def rounded_column():
    return SqliteHook("warehouse").get_records("select round(amount) from orders")


@task
def coalesced_column():
    return SqliteHook("warehouse").get_records("select coalesce(amount, 0) from orders")


@task
def length_of_column():
    return SqliteHook("warehouse").get_records("select length(name) from orders")


@task
def total():
    return SqliteHook("warehouse").get_records("select total(amount) from orders")


@task
def average_rounded():
    return SqliteHook("warehouse").get_records("select round(avg(amount), 1) from orders")


@task
def where_with_limit_word():
    return SqliteHook("warehouse").get_records("select * from orders where name <> 'limit 10'")


@task
def column_called_limit():
    return SqliteHook("warehouse").get_records('select id as "limit" from orders')


@task
def count_in_text():
    return SqliteHook("warehouse").get_records("select 'count(*)', id from orders")


@task
def ordered_by_count():
    return SqliteHook("warehouse").get_records("select city from orders group by city order by count(*) desc")


@task
def all_but_few():  # a matter of taste
    return SqliteHook("warehouse").get_records(
        "select id from orders except select id from orders where id > 5"
    )


@task
def intersect():  # a matter of taste
    return SqliteHook("warehouse").get_records("select id from orders intersect select 3")


@task
def inserted():
    return SqliteHook("warehouse").get_records("insert into orders select * from orders where 1 = 0")


@task
def deleted():
    return SqliteHook("warehouse").get_records("delete from orders where 1 = 0")


@task
def updated_returning():  # a matter of taste
    return SqliteHook("warehouse").get_records("update orders set city = city where 1 = 0 returning id")


@task
def created():
    return SqliteHook("warehouse").get_records("create table if not exists t1 as select * from orders")
