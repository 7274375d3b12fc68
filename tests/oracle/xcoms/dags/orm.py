"""Models, sessions and statements of SQLAlchemy."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa
from airflow.sdk import task
from sqlalchemy import func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    city: Mapped[str]
    name: Mapped[str]
    amount: Mapped[float]


def engine_of(db_path):
    return sa.create_engine(f"sqlite:///{db_path}")


@task
def all_models(db_path):
    with Session(engine_of(db_path)) as session:
        return [{"id": order.id, "name": order.name} for order in session.query(Order).all()]


@task
def all_models_by_select(db_path):
    with Session(engine_of(db_path)) as session:
        return [order.name for order in session.scalars(select(Order))]


@task
def few_models(db_path):
    with Session(engine_of(db_path)) as session:
        return [order.name for order in session.query(Order).limit(5).all()]


@task
def few_models_by_select(db_path):
    with Session(engine_of(db_path)) as session:
        return [order.name for order in session.scalars(select(Order).limit(5)).all()]


@task
def count_of_query(db_path):
    with Session(engine_of(db_path)) as session:
        return session.query(Order).count()


@task
def count_of_select(db_path):
    with Session(engine_of(db_path)) as session:
        return session.scalar(select(func.count()).select_from(Order))


@task
def one_model(db_path):
    with Session(engine_of(db_path)) as session:
        order = session.get(Order, 17)
        return {"id": order.id, "name": order.name}


@task
def first_model(db_path):
    with Session(engine_of(db_path)) as session:
        order = session.query(Order).filter(Order.city == "Graz").first()
        return order.name


@task
def one_scalar(db_path):
    with Session(engine_of(db_path)) as session:
        return session.execute(select(func.max(Order.amount))).scalar_one()


@task
def one_row(db_path):
    with Session(engine_of(db_path)) as session:
        return tuple(session.execute(select(func.min(Order.id), func.max(Order.id))).one())


@task
def filtered(db_path):
    with Session(engine_of(db_path)) as session:
        rows = session.query(Order.id, Order.name).filter(Order.amount > 10).all()
    return [tuple(row) for row in rows]


@task
def grouped(db_path):
    with Session(engine_of(db_path)) as session:
        rows = session.execute(select(Order.city, func.count()).group_by(Order.city)).all()
    return {city: count for city, count in rows}


@task
def grouped_by_query(db_path):
    with Session(engine_of(db_path)) as session:
        rows = session.query(Order.city, func.sum(Order.amount)).group_by(Order.city).all()
    return [list(row) for row in rows]


@task
def session_maker(db_path):
    make = sessionmaker(bind=engine_of(db_path))
    with make() as session:
        return [list(row) for row in session.execute(text("select * from orders")).fetchall()]


@task
def unrun_query(db_path):
    with Session(engine_of(db_path)) as session:
        return session.query(Order).filter(Order.amount > 10)


@task
def unfetched_result(db_path):
    with engine_of(db_path).connect() as connection:
        result = connection.execute(text("select * from orders"))
        return result


@task
def fetched_one(db_path):
    with engine_of(db_path).connect() as connection:
        return tuple(connection.execute(text("select * from orders")).fetchone())


@task
def fetched_many(db_path):
    with engine_of(db_path).connect() as connection:
        rows = connection.execute(text("select * from orders")).fetchmany(10)
        return [tuple(row) for row in rows]


@task
def keys_of_result(db_path):
    with engine_of(db_path).connect() as connection:
        return list(connection.execute(text("select * from orders")).keys())


@task
def frame_of_engine(db_path):
    return pd.read_sql("select * from orders", engine_of(db_path))


@task
def frame_of_select(db_path):
    with engine_of(db_path).connect() as connection:
        return pd.read_sql(text("select id from orders"), connection).to_dict("list")


@task
def frame_of_table(db_path):
    return pd.read_sql_table("orders", engine_of(db_path))


@task
def frame_of_result(db_path):
    with engine_of(db_path).connect() as connection:
        result = connection.execute(text("select id, name from orders"))
        return pd.DataFrame(result.fetchall(), columns=list(result.keys()))


@task
def updated(db_path):
    with engine_of(db_path).begin() as connection:
        result = connection.execute(text("update orders set city = 'Graz' where id = 1"))
        return result.rowcount


@task
def table_names(db_path):
    return sa.inspect(engine_of(db_path)).get_table_names()


@task
def column_names(db_path):
    return [column["name"] for column in sa.inspect(engine_of(db_path)).get_columns("orders")]


@task
def exists(db_path):
    with Session(engine_of(db_path)) as session:
        return session.query(session.query(Order).filter(Order.id == 1).exists()).scalar()


@task
def ids_as_scalars(db_path):
    with Session(engine_of(db_path)) as session:
        return list(session.execute(select(Order.id)).scalars())


@task
def looped_result(db_path):
    found = []
    with engine_of(db_path).connect() as connection:
        for row in connection.execute(text("select id, name from orders")):
            found.append({"id": row.id, "name": row.name})
    return found


@task
def looped_and_counted(db_path):
    count = 0
    with engine_of(db_path).connect() as connection:
        for row in connection.execute(text("select id, amount from orders")):
            if row.amount > 10:
                count += 1
    return count


@task
def streamed(db_path, out_path):
    with engine_of(db_path).connect() as connection, open(out_path, "w") as file:
        for row in connection.execution_options(stream_results=True).execute(text("select * from orders")):
            file.write(f"{row.id}\n")
    return out_path


@task
def partitions(db_path):
    total = 0
    with engine_of(db_path).connect() as connection:
        for part in connection.execute(text("select * from orders")).partitions(100):
            total += len(part)
    return total


@task
def plain_entities(db_path):
    with Session(engine_of(db_path)) as session:
        return session.query(Order).all()


@task
def plain_rows(db_path):
    with engine_of(db_path).connect() as connection:
        return connection.execute(text("select * from orders")).fetchall()
