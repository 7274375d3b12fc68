"""What it takes to remake the tables of providers: wheels, Airflow's history, and what follows of them."""
