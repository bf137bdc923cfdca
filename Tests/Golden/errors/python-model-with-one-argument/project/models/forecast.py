def model(session):
    frame = session.table("orders")
    return frame, 1
