provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project = var.name
    }
  }
}

module "storage" {
  source = "./modules/storage"

  name   = var.name
  region = var.region
  bucket = var.bucket
}

module "jobs" {
  source = "./modules/jobs"

  name       = var.name
  region     = var.region
  image      = var.job_image
  bucket     = module.storage.bucket
  bucket_arn = module.storage.bucket_arn
  key_arn    = module.storage.key_arn
  log_group  = module.observability.job_log_group
  vpc_id     = var.vpc_id
  subnets    = var.subnets
}

module "functions" {
  source = "./modules/functions"

  name           = var.name
  region         = var.region
  functions      = var.functions
  bucket         = module.storage.bucket
  bucket_arn     = module.storage.bucket_arn
  key_arn        = module.storage.key_arn
  log_groups     = module.observability.function_log_groups
  job_queue      = module.jobs.queue.arn
  job_definition = module.jobs.definition
  queues         = module.events.queues
  template       = var.campaign_request
}

module "events" {
  source = "./modules/events"

  name              = var.name
  bucket            = module.storage.bucket
  key_arn           = module.storage.key_arn
  dead_letter_queue = module.functions.dead_letter_queue
  email             = var.email
  job_queue         = module.jobs.queue.arn
  quiet_seconds     = var.quiet_seconds
  timeouts          = { for name, function in var.functions : name => function.timeout }

  functions = {
    for name, arn in module.functions.arns : name => {
      arn  = arn
      name = module.functions.names[name]
    }
  }
}

module "schedule" {
  source = "./modules/schedule"
  count  = contains(keys(var.functions), "report") ? 1 : 0

  name                  = var.name
  report_arn            = module.functions.arns["report"]
  expression            = var.report_expression
  timezone              = var.report_timezone
  datasets              = var.report_datasets
  requests              = var.report_requests
  dead_letter_queue_arn = module.functions.dead_letter_queue.arn
  key_arn               = module.storage.key_arn
}

module "observability" {
  source = "./modules/observability"

  name                   = var.name
  region                 = var.region
  functions              = toset(keys(var.functions))
  key_arn                = module.storage.key_arn
  topic_arn              = module.events.topic_arn
  dead_letter_queue_name = module.functions.dead_letter_queue.name
  job_queue_name         = module.jobs.queue.name
  budget                 = var.budget
}
