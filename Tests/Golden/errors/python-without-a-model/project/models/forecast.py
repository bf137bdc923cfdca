def forecast(dbt, session):
    return dbt.ref("stg_orders")
