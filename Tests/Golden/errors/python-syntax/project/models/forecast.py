def model(dbt, session):
    frame = dbt.ref("stg_orders"
    return frame
