import pandas as pd
from numpy import (array,
                   zeros as nothing,)


def model(dbt, session):
    dbt.config(materialized="table", tags=["one", 'two'], packages=["pandas==1.5"],
               meta={"owner": None, "rank": -1, "share": 1.5e3})
    orders = dbt.ref("orders")
    raw = dbt.source("raw", "events")
    threshold = dbt.config.get("threshold", 10)
    mode = dbt.config.get("mode")
    note = dbt.config.meta_get('note', "none")
    return orders.join(raw)
